namespace TokenAuth;

/// <summary>
/// Finds what configures or checks one name, in the order of registration. Indexed once: thousands of names would otherwise each
/// ask the steps of all the others.
/// </summary>
internal sealed class NamedSteps<TStep>
{
    private readonly NamedStep<TStep>[] _ofAnyName;
    private readonly ILookup<string, NamedStep<TStep>> _ofOneName;

    /// <param name="nameOf">The one name that a step is for; null when it may be for any.</param>
    public NamedSteps(IEnumerable<TStep> steps, Func<TStep, string?> nameOf)
    {
        var all = steps.Select((step, order) => new NamedStep<TStep>(order, step, nameOf(step))).ToList();
        _ofAnyName = [.. all.Where(step => step.Name is null)];
        _ofOneName = all.Where(step => step.Name is not null)
            .ToLookup(step => step.Name!, StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<NamedStep<TStep>> For(string name) =>
        _ofAnyName.Concat(_ofOneName[name]).OrderBy(step => step.Order);
}
