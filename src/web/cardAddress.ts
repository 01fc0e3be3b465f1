/**
 * Makes the address of the picture on a page's social card absolute: services that show cards ignore relative ones.
 * @param site address of the page's folder, such as `https://example.org/demo/`; undefined keeps the relative address
 * @throws Error if it is not an absolute http address
 */
export function withCardAddress(html: string, site: string | undefined): string {
  if (site === undefined || site === "") return html;
  if (!/^https?:$/.test(URL.canParse(site) ? new URL(site).protocol : "")) {
    throw new Error(
      `SITE_URL must be the page's address, such as https://example.org/demo/, got "${site}".`,
    );
  }
  const card = new URL("card.png", site.endsWith("/") ? site : `${site}/`).href;
  return html.replace(/(property="og:image" content=")[^"]*/, `$1${card}`);
}
