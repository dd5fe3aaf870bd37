namespace TokenAuth;

/// <summary>
/// Bounds the renewals that rejections cause: 20 in any hour. A service that rejects everything must not make the token
/// endpoint suffer. Not thread-safe: its owner's lock guards it.
/// </summary>
internal sealed class RejectionBudget(TimeProvider time)
{
    public const int PerHour = 20;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private readonly Queue<long> _spent = new(); // empty costs little: most providers never spend
    private readonly RecentTokens _rejected = new(1_000); // two days of a service that rejects everything
    private bool _isExceeded; // since the last rejection that was accepted

    /// <summary>Accepts a rejection, and remembers its token, if the budget allows a renewal for it.</summary>
    public Rejection Spend(AccessToken rejected)
    {
        if (_spent.Count == PerHour)
        {
            if (time.GetElapsedTime(_spent.Peek()) < _hour)
            {
                var isFirst = !_isExceeded;
                _isExceeded = true;

                return isFirst ? Rejection.IgnoredFirst : Rejection.Ignored;
            }

            _spent.Dequeue();
        }

        _isExceeded = false;
        _spent.Enqueue(time.GetTimestamp());
        _rejected.Add(rejected);

        return Rejection.Accepted;
    }

    /// <summary>True when a service has refused this token before: such a token is never handed out again.</summary>
    public bool WasRejected(AccessToken token) => _rejected.Contains(token);
}
