/** Asking the server: one function per kind of question, and one kind of error. */

export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

type Words = Record<string, string | number | boolean | null | undefined | (string | number)[]>;

/** Return an address with a query; what is empty is left out. */
export function address(path: string, query: Words = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) words.append(name, String(one));
  }
  const text = words.toString();
  return `/api/${path}${text ? `?${text}` : ''}`;
}

async function answered(request: Promise<Response>): Promise<Response> {
  let response: Response;
  try {
    response = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused('', 0); // no server: the page says so in its own language
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Refused(body?.error?.message ?? `${response.status} ${response.statusText}`, response.status);
}

export async function get<T>(path: string, query: Words = {}, signal?: AbortSignal): Promise<T> {
  const response = await answered(fetch(address(path, query), { signal: signal ?? null }));
  return (await response.json()) as T;
}

export async function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  const response = await answered(
    fetch(address(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: signal ?? null,
    }),
  );
  return (await response.json()) as T;
}

/** Send raw bytes, such as a recording. */
export async function send<T>(path: string, query: Words, bytes: Blob, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await answered(
    fetch(address(path, query), { method: 'POST', headers, body: bytes, signal: signal ?? null }),
  );
  return (await response.json()) as T;
}

/** Ask for a file and give it to the browser to save. */
export async function download(path: string, name: string, body: unknown): Promise<void> {
  const response = await answered(
    fetch(address(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  save(await response.blob(), name);
}

export function save(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
