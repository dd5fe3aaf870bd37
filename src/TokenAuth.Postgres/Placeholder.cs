namespace TokenAuth;

internal static class Placeholder;
