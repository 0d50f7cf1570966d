import type { Camera, Points, Size } from './geometry';

const VERTEX = `
attribute vec2 place;
attribute vec4 colour;
uniform vec2 middle, half_px;
uniform float scale;
uniform mediump float dot_px;
varying vec4 tint;
void main() {
  vec2 at = (place - middle) * scale / half_px;
  gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
  gl_PointSize = dot_px;
  tint = colour;
}`;

const FRAGMENT = `
precision mediump float;
varying vec4 tint;
uniform mediump float dot_px;
void main() {
  float away = length(gl_PointCoord - 0.5) * dot_px;
  float cover = clamp(dot_px * 0.5 - away, 0.0, 1.0) * tint.a;
  gl_FragColor = vec4(tint.rgb * cover, cover);
}`;

/** Dots by the hundred thousand, drawn by the graphics card; where there is none, by the 2-D canvas. */
export class Scatter {
  #gl: WebGLRenderingContext | null;
  #flat: CanvasRenderingContext2D | null = null;
  #program: WebGLProgram | null = null;
  #count = 0;
  #places = new Float32Array();
  #colours: Uint8Array<ArrayBuffer> = new Uint8Array();
  #placesBuffer: WebGLBuffer | null = null;
  #coloursBuffer: WebGLBuffer | null = null;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.#gl = canvas.getContext('webgl', { alpha: true, antialias: false, premultipliedAlpha: true });
    if (this.#gl) this.#prepare(this.#gl);
    else this.#flat = canvas.getContext('2d');
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.#prepare(this.#gl!);
      this.#send();
    });
  }

  set(points: Points, colours: Uint8Array<ArrayBuffer>): void {
    this.#count = points.x.length;
    this.#places = new Float32Array(2 * this.#count);
    for (let i = 0; i < this.#count; i++) {
      this.#places[2 * i] = points.x[i]!;
      this.#places[2 * i + 1] = points.y[i]!;
    }
    this.#colours = colours;
    this.#send();
  }

  draw(camera: Camera, size: Size, ratio: number): void {
    const { canvas } = this;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    if (this.#gl && this.#program) this.#drawCard(this.#gl, this.#program, camera, ratio);
    else if (this.#flat) this.#drawFlat(this.#flat, camera, size, ratio);
  }

  /** Dots grow a little when there are few or when one looks closely; a hundred thousand are fine dust. */
  #dot(scale: number): number {
    const few = this.#count < 500 ? 12 : this.#count < 5000 ? 8 : this.#count < 30_000 ? 5 : 3.5;
    return Math.min(few + Math.log2(Math.max(1, scale / 400)) * 1.5, 18);
  }

  #prepare(gl: WebGLRenderingContext): void {
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS))
      throw new Error(gl.getProgramInfoLog(program) ?? 'WebGL');
    this.#program = program;
    this.#placesBuffer = gl.createBuffer();
    this.#coloursBuffer = gl.createBuffer();
  }

  #send(): void {
    const gl = this.#gl;
    if (!gl) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#placesBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#places, gl.STATIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#coloursBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#colours, gl.STATIC_DRAW);
  }

  #drawCard(gl: WebGLRenderingContext, program: WebGLProgram, camera: Camera, ratio: number): void {
    const { width, height } = this.canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.#count) return;
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const uniform = (name: string) => gl.getUniformLocation(program, name);
    gl.uniform2f(uniform('middle'), camera.x, camera.y);
    gl.uniform2f(uniform('half_px'), width / 2, height / 2);
    gl.uniform1f(uniform('scale'), camera.scale * ratio);
    gl.uniform1f(uniform('dot_px'), this.#dot(camera.scale) * ratio);
    const bind = (name: string, buffer: WebGLBuffer | null, of: number, type: number, whole: boolean) => {
      const at = gl.getAttribLocation(program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, of, type, whole, 0, 0);
    };
    bind('place', this.#placesBuffer, 2, gl.FLOAT, false);
    bind('colour', this.#coloursBuffer, 4, gl.UNSIGNED_BYTE, true);
    gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  #drawFlat(ctx: CanvasRenderingContext2D, camera: Camera, size: Size, ratio: number): void {
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, size.width, size.height);
    const radius = this.#dot(camera.scale) / 2;
    for (let i = 0; i < this.#count; i++) {
      const x = (this.#places[2 * i]! - camera.x) * camera.scale + size.width / 2;
      const y = (this.#places[2 * i + 1]! - camera.y) * camera.scale + size.height / 2;
      if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) continue;
      const [r, g, b, a] = this.#colours.subarray(4 * i, 4 * i + 4);
      ctx.fillStyle = `rgb(${r} ${g} ${b} / ${a! / 255})`;
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 7);
      ctx.fill();
    }
  }
}
