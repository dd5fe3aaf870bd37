namespace TokenAuth.Tests.Storage.Model;

/// <summary>Visits every state that a model can come to, nearest first, and stops at the first broken sentence.</summary>
internal sealed class Explorer(StoreModel model)
{
    private readonly Dictionary<string, (string? From, string Move)> _visited = new(StringComparer.Ordinal);
    private readonly Queue<(ModelState State, string Key)> _next = new();

    /// <summary>How many states were visited.</summary>
    public int Count => _visited.Count;

    /// <summary>The most refresh tokens that were spent in any of them.</summary>
    public int MostSpent { get; private set; }

    /// <summary>The most calls of the vendor between two moments in which tokens fall due.</summary>
    public int MostCalls { get; private set; }

    /// <summary>The most leases whose end somebody has waited for.</summary>
    public int MostWaits { get; private set; }

    /// <summary>The sentence that does not hold and the shortest way to where it breaks; null when all hold everywhere.</summary>
    public string? Explore(ModelState start)
    {
        Visit(start, null, "start");
        while (_next.TryDequeue(out var visited))
        {
            var (state, key) = visited;
            var isEnd = true;
            foreach (var (move, next) in model.Moves(state))
            {
                isEnd &= IsFault(state, next);
                Visit(next, key, move);
            }

            MostSpent = Math.Max(MostSpent, state.Vendor.Spent);
            MostCalls = Math.Max(MostCalls, state.Vendor.Calls);
            MostWaits = Math.Max(MostWaits, state.Waits);
            if (ModelSentences.BrokenBy(model, state, isEnd) is { } broken)
                return $"{broken}\n{string.Join('\n', WayTo(key))}";
        }

        return null;
    }

    private static bool IsFault(ModelState state, ModelState next) => next.Happened.Total > state.Happened.Total;

    private void Visit(ModelState state, string? from, string move)
    {
        var key = state.Key;
        if (_visited.TryAdd(key, (from, move)))
            _next.Enqueue((state, key));
    }

    private Stack<string> WayTo(string key)
    {
        var way = new Stack<string>();
        for (var at = key; at is not null; at = _visited[at].From)
            way.Push(_visited[at].Move);

        return way;
    }
}
