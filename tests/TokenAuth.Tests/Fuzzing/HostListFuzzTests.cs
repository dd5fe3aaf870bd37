using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>The guard remembers what it allowed and compares text; <see cref="Uri"/> says where a connection would really go.</summary>
[Trait("Failure", "27")]
public sealed class HostListFuzzTests
{
    private static readonly string[] _hosts =
    [
        "api.example.com",
        "API.Example.com",
        "xapi.example.com",
        "sub.api.example.com",
        "example.com",
        "api.example.com.evil.example",
        "evil.example",
        "api.example.com%2eevil.example",
        "api。example。com",
        "b\u00FCcher.example",
        "xn--bcher-kva.example",
        "10.0.0.1",
        "0x0a.1",
        "127.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[2001:DB8::1]",
        "[2001:db8:0:0::1]",
        "localhost",
        "LOCALHOST",
        "a.localhost",
    ];

    [Fact]
    public void The_guard_allows_exactly_where_a_connection_may_go()
    {
        var entries = Entry().ListOf().Select(list => list.Take(4).Where(IsEntry).ToArray());
        var cases =
            from list in entries
            from texts in Gen.OneOf(Address(), Address(), Spoilt(Address())).ListOf()
            select (list, texts: texts.Take(8).ToArray());
        var allowed = 0;

        Fuzz.Check(
            cases,
            made =>
            {
                var guard = new HostGuard(made.list, audience: null);
                foreach (var text in made.texts)
                    if (Uri.TryCreate(text, UriKind.Absolute, out var uri))
                    {
                        var expected = MayConnect(uri, made.list);
                        Assert.True(expected == guard.Allows(uri), $"{text} with {string.Join(", ", made.list)}");
                        Assert.True(expected || !guard.Knows(uri, out _), text);
                        allowed += expected ? 1 : 0;
                    }
            }
        );

        Assert.True(allowed > Fuzz.FewestToCount, $"Only {allowed} addresses were allowed.");
    }

    [Fact]
    public void An_entry_is_a_host_or_has_a_fault()
    {
        Fuzz.Check(
            Gen.OneOf(Entry(), Spoilt(Entry())),
            text =>
            {
                if (HostEntryError.OfAllowedHosts(text) is not null)
                {
                    Assert.Throws<ArgumentException>(() => AllowedHost.Parse(text));
                    return;
                }

                var uri = new Uri("https://" + text.TrimStart('.'));
                Assert.NotEqual(0, uri.Port);
                Assert.True(
                    uri.HostNameType != UriHostNameType.Dns || uri.IdnHost.Contains('.') || text.Contains(':'),
                    text
                );
                Assert.Equal(("", "/", ""), (uri.UserInfo, uri.PathAndQuery, uri.Fragment));
                Assert.True(
                    AllowedHost.Parse(text).Matches((text[0] == '.' ? "a." : "") + uri.IdnHost, uri.Port),
                    text
                );
                Assert.Null(HostEntryError.OfAllowedHosts(AllowedHost.EntryFor(uri)));
            }
        );
    }

    private static Gen<string> Entry() =>
        from dot in Gen.Elements("", "", "", ".")
        from host in Gen.Elements(_hosts)
        from port in Gen.Elements("", "", "", ":443", ":8443", ":0443", ":0", ":", ":99999", ":-1")
        select dot + host + port;

    private static Gen<string> Address() =>
        from scheme in Gen.Elements("https", "https", "https", "https", "HTTPS", "http", "ftp", "wss")
        from slashes in Gen.Elements("://", "://", "://", ":\\\\", ":/\\", ":///")
        from user in Gen.Elements("", "", "", "", "api.example.com@", "a:b@", "api.example.com:443@", "%40")
        from host in Gen.Elements(_hosts)
        from port in Gen.Elements("", "", "", ":443", ":8443", ":80", ":0443", ".", ".:443")
        from path in Gen.Elements("/", "/", "/v1", "", "?q", "#f", "\\v1", "/@evil.example", "@evil.example/", "\t/")
        select scheme + slashes + user + host + port + path;

    private static Gen<string> Spoilt(Gen<string> texts) =>
        from text in texts
        from c in Gen.Choose(0, 0x2FF).Select(c => (char)c)
        from at in Gen.Choose(0, text.Length)
        select text.Insert(at, c.ToString());

    private static bool IsEntry(string entry) => HostEntryError.OfAllowedHosts(entry) is null;

    private static bool MayConnect(Uri uri, string[] list)
    {
        if (HostName.Of(uri) is null)
            return false;

        var isLoopback = IPAddress.TryParse(uri.IdnHost, out var address)
            // No zone either, not even the empty one of "[::1%]".
            ? IPAddress.IsLoopback(address) && !address.IsIPv4MappedToIPv6 && !uri.IdnHost.Contains('%')
            : uri.IdnHost == "localhost";
        if (isLoopback && (uri.Scheme is "https" or "http" or "wss"))
            return true;

        return uri.Scheme is "https" or "wss"
            && list.Any(entry =>
            {
                var named = new Uri("https://" + entry.TrimStart('.'));
                return named.Port == uri.Port
                    && (
                        entry[0] == '.'
                            ? uri.IdnHost.EndsWith("." + named.IdnHost, StringComparison.Ordinal)
                            : uri.IdnHost == named.IdnHost
                    );
            });
    }
}
