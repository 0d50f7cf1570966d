/** Which view is shown: the address says, and the history remembers. */
export type Route =
  | { view: 'library' }
  | { view: 'track' | 'similar'; id: string }
  | { view: 'map' }
  | { view: 'try' }
  | { view: 'nowhere' };

export function parse(path: string): Route {
  const [view = '', id = '', ...more] = path.split('/').slice(1);
  if (more.length) return { view: 'nowhere' };
  if (view === '' || view === 'library') return { view: 'library' };
  if ((view === 'track' || view === 'similar') && id) return { view, id: decodeURIComponent(id) };
  if (view === 'map' || view === 'try') return { view };
  return { view: 'nowhere' };
}

export function path(route: Route): string {
  if (route.view === 'library' || route.view === 'nowhere') return '/';
  return 'id' in route ? `/${route.view}/${encodeURIComponent(route.id)}` : `/${route.view}`;
}

class Router {
  route = $state<Route>(parse(location.pathname));

  constructor() {
    addEventListener('popstate', () => (this.route = parse(location.pathname)));
    addEventListener('click', (event) => this.#follow(event));
  }

  go(route: Route): void {
    const to = path(route);
    if (to !== location.pathname) history.pushState(null, '', to);
    this.route = route;
    scrollTo(0, 0);
  }

  /** Links within the page change the view instead of loading anew; with a modifier they are the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/"]');
    if (!link || link.target || link.hasAttribute('download') || link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    this.go(parse(link.pathname));
  }
}

export const router = new Router();
