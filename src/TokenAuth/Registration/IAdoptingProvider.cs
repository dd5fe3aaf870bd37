namespace TokenAuth;

/// <summary>A provider that can go on under other options where they mean the same client: a new identity may cost something.</summary>
internal interface IAdoptingProvider<in TOptions>
{
    /// <summary>Takes over what differs; false, and nothing taken over, when they mean another client.</summary>
    bool TryAdopt(TOptions options);
}
