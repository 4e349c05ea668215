/** The Error that a promise ends with; throws where it does not fail, or not with an Error. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("nothing failed");
}
