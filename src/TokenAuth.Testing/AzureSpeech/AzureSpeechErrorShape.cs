namespace TokenAuth.Testing;

/// <summary>The form in which Azure words the refusal of a key.</summary>
public enum AzureSpeechErrorShape
{
    /// <summary><c>{"error":{"code":"401","message":"…"}}</c></summary>
    Gateway,

    /// <summary><c>{ "statusCode": 401, "message": "…" }</c>, as older gateways send it.</summary>
    StatusCode,

    /// <summary><c>{"error":{"code":401001,"message":"…"}}</c>, as Azure's Translator sends it.</summary>
    Translator,
}
