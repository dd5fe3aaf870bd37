using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>
/// FsCheck with 3 000 cases a property (see <see cref="TestRun"/>), or as many as TOKENAUTH_TEST_FUZZ says. A failure prints what it found
/// at its smallest and a replay of the form <c>(seed,gamma,size)</c>; TOKENAUTH_TEST_FUZZ_REPLAY runs that again.
/// </summary>
internal static class Fuzz
{
    private static readonly string[]? _replay = Environment
        .GetEnvironmentVariable("TOKENAUTH_TEST_FUZZ_REPLAY")
        ?.Trim('(', ')')
        .Split(',');

    public static int Cases { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("TOKENAUTH_TEST_FUZZ"),
            CultureInfo.InvariantCulture,
            out var cases
        )
            ? cases
            : TestRun.Repeated(3_000);

    /// <summary>What a run has to have generated more of than this, to have tested it; a replay generates one case.</summary>
    public static int FewestToCount => _replay is null ? Cases / 60 : -1;

    public static void Check<T>(Gen<T> generated, Action<T> holds, Func<T, IEnumerable<T>>? shrink = null) =>
        Prop.ForAll(Arb.From(generated, shrink ?? (_ => [])), holds).Check(Settings());

    private static Config Settings()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(60).WithQuietOnSuccess(true);

        return _replay is null
            ? config
            : config.WithReplay(
                ulong.Parse(_replay[0], CultureInfo.InvariantCulture),
                ulong.Parse(_replay[1], CultureInfo.InvariantCulture),
                _replay.Length > 2 ? int.Parse(_replay[2], CultureInfo.InvariantCulture) : 60
            );
    }
}
