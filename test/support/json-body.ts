/** The JSON of a reply, as loosely typed as it came: the test says what should be in it. */
export async function jsonBody(reply: Response | Promise<Response>) {
  return JSON.parse(await (await reply).text());
}
