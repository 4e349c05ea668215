// Mocha's globals, for tests alone: `pulumi up` checks the types of the program where no test tools are installed.
/// <reference types="mocha" />
