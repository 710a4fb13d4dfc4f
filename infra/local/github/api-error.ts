/** One of the `errors` of an answer. */
export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing_field' | 'invalid' | 'already_exists' | 'custom' | 'unprocessable';
  readonly message?: string;
  readonly value?: unknown;
}

/** An answer of 4xx as GitHub words it (docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get body() {
    return {
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    };
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

export function invalid(...errors: readonly FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', { errors });
}

/** @param most characters that GitHub takes */
export function assertLength(text: string, most: number, error: Omit<FieldError, 'message'>): void {
  if (text.length <= most) return;
  const name = error.code === 'unprocessable' ? 'Body' : error.field;
  throw invalid({ ...error, message: `${name} is too long (maximum is ${most} characters)` });
}
