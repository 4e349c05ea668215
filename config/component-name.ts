/** The name of this program's component, whatever its project is called. The names of all that it makes begin with it. */
export const COMPONENT_NAME = "require-mfa";
