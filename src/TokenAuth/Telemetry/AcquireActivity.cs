using System.Diagnostics;
using static TokenAuth.TokenAuthDiagnostics;

namespace TokenAuth;

/// <summary>The activity of one renewal.</summary>
internal static class AcquireActivity
{
    private static readonly ActivitySource _source = new(ActivitySourceName);

    /// <summary>The activity of whoever causes a renewal now; null when there is none.</summary>
    public static ActivityContext? Cause => Activity.Current?.Context;

    /// <summary>Starts it where no caller's activity is current, so that it begins a trace of its own.</summary>
    public static Activity? Start(string provider, string reason, ActivityContext? cause) =>
        _source.HasListeners()
            ? _source.StartActivity(
                AcquireActivityName,
                ActivityKind.Internal,
                parentContext: default,
                tags: [new(ProviderTag, provider), new(ReasonTag, reason)],
                links: cause is { } context ? [new ActivityLink(context)] : null
            )
            : null;

    /// <summary>Puts down what came of it.</summary>
    /// <param name="grantType">The kind of grant that was exchanged; null when that is not known.</param>
    /// <param name="errorType">The failure; null when there was none.</param>
    public static void Describe(Activity? activity, string? grantType, string? errorType)
    {
        if (grantType is not null)
            activity?.SetTag(GrantTypeTag, grantType);
        if (errorType is not null)
            activity?.SetTag(ErrorTypeTag, errorType).SetStatus(ActivityStatusCode.Error);
    }
}
