using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>The services of a vendor's provider: the exchange with token endpoints, the clock, the store and the logs.</summary>
internal sealed class ProviderServices : IDisposable
{
    private readonly Lazy<HttpClient>? _ownClient;

    private ProviderServices(
        TokenEndpointClient exchange,
        TimeProvider time,
        ITokenStore? store,
        ILoggerFactory? loggers,
        Lazy<HttpClient>? ownClient = null
    )
    {
        Exchange = exchange;
        Time = time;
        Store = store;
        Loggers = loggers ?? NullLoggerFactory.Instance;
        _ownClient = ownClient;
    }

    /// <summary>Any number of providers may share it.</summary>
    public TokenEndpointClient Exchange { get; }

    public TimeProvider Time { get; }

    /// <summary>Null when grants stay in memory.</summary>
    public ITokenStore? Store { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>A container's: each attempt has the factory's current handler.</summary>
    public static ProviderServices Of(IServiceProvider services) =>
        new(
            TokenClient.EndpointFrom(services),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ITokenStore>(),
            services.GetService<ILoggerFactory>()
        );

    /// <summary>A container's without its store: for tokens that live for minutes, or that are somebody else's to keep.</summary>
    /// <param name="client">Makes the client of each attempt; the factory's for token endpoints when null.</param>
    public static ProviderServices InMemory(IServiceProvider services, Func<HttpClient>? client = null)
    {
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;

        return new(
            new TokenEndpointClient(client ?? TokenClient.From(services), time),
            time,
            store: null,
            services.GetService<ILoggerFactory>()
        );
    }

    /// <summary>Those of a public constructor; without a client, one that is disposed with these.</summary>
    public static ProviderServices Of(
        HttpClient? httpClient,
        TimeProvider? timeProvider,
        ITokenStore? store,
        ILoggerFactory? loggerFactory
    )
    {
        var time = timeProvider ?? TimeProvider.System;
        if (httpClient is not null)
            return new(new TokenEndpointClient(() => httpClient, time), time, store, loggerFactory);

        var own = new Lazy<HttpClient>(TokenHttpClient.Create);

        return new(new TokenEndpointClient(() => own.Value, time), time, store, loggerFactory, own);
    }

    /// <summary>The same with logs of one provider's own.</summary>
    public ProviderServices With(ILoggerFactory? loggers) => new(Exchange, Time, Store, loggers);

    /// <summary>The engine around a vendor's source.</summary>
    public CachedTokenProvider Cache(ITokenSource source, CachedTokenOptions options) =>
        new(source, options, Time, Store, Loggers);

    public void Dispose()
    {
        if (_ownClient is { IsValueCreated: true })
            _ownClient.Value.Dispose();
    }
}
