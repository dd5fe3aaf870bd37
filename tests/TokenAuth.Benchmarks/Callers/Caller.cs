namespace TokenAuth.Benchmarks;

/// <summary>Somebody who sends one authenticated request after the other.</summary>
internal abstract class Caller(string name)
{
    public string Name => name;

    /// <summary>Who does the same without the credential's cost; null where that is the comparison's own floor.</summary>
    public Caller? Floor { get; init; }

    /// <summary>The loop is inside, so that no delegate is called between two requests.</summary>
    public abstract void Send(int count);
}
