using Npgsql;

namespace TokenAuth;

/// <summary>Several hosts in one connection string: the one that takes writes is used, and looked for again after each failure.</summary>
internal sealed class PostgresHosts : IDisposable
{
    private const int LongestConnectSeconds = 1; // a host that is silent must leave time for the next one

    private readonly NpgsqlMultiHostDataSource _hosts;

    /// <param name="settings">To which there is no objection.</param>
    public PostgresHosts(NpgsqlConnectionStringBuilder settings)
    {
        var each = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            TargetSessionAttributes = null,
            Timeout = Math.Min(settings.Timeout, LongestConnectSeconds),
        };
        _hosts = new NpgsqlDataSourceBuilder(each.ConnectionString).BuildMultiHost();
        DataSource = _hosts.WithTargetSession(Wanted(settings) ?? TargetSessionAttributes.PreferPrimary);
    }

    public NpgsqlDataSource DataSource { get; }

    public static bool AreSeveral(NpgsqlConnectionStringBuilder settings) =>
        settings.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>An application's data source, which may not have said that it wants the host that takes writes.</summary>
    public static NpgsqlDataSource Writing(NpgsqlDataSource dataSource, NpgsqlConnectionStringBuilder settings) =>
        dataSource is NpgsqlMultiHostDataSource hosts && settings.TargetSessionAttributes is null
            ? hosts.WithTargetSession(TargetSessionAttributes.PreferPrimary)
            : dataSource;

    /// <summary>The driver remembers for ten seconds which host was the primary and which was away; after a failover all of it is wrong.</summary>
    public void ForgetStates() => _hosts.ClearDatabaseStates();

    public void Dispose() => _hosts.Dispose();

    /// <summary>The reason why these hosts will not do; null when they will.</summary>
    public static string? ObjectionTo(NpgsqlConnectionStringBuilder settings) =>
        AreSeveral(settings) && Wanted(settings) is null
            ? $"The connection string of UsePostgresStore has 'Target Session Attributes={settings.TargetSessionAttributes}', and the store "
                + "has to write; leave the setting out, or write 'primary'."
            : null;

    // While there is no primary, a standby still has the record: read from it, a process that starts knows its refresh token.
    private static TargetSessionAttributes? Wanted(NpgsqlConnectionStringBuilder settings) =>
        settings.TargetSessionAttributes switch
        {
            null or "any" or "prefer-primary" => TargetSessionAttributes.PreferPrimary,
            "primary" => TargetSessionAttributes.Primary,
            "read-write" => TargetSessionAttributes.ReadWrite,
            _ => null,
        };
}
