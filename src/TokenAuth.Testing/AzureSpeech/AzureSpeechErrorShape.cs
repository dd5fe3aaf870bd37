namespace TokenAuth.Testing;

/// <summary>How Azure words a refused key.</summary>
public enum AzureSpeechErrorShape
{
    /// <summary><c>{"error":{"code":"401","message":"…"}}</c></summary>
    Gateway,

    /// <summary><c>{ "statusCode": 401, "message": "…" }</c>, as older gateways have it.</summary>
    StatusCode,

    /// <summary><c>{"error":{"code":401001,"message":"…"}}</c>, as the Translator has it.</summary>
    Translator,
}
