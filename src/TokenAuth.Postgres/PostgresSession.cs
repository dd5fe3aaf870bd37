using Npgsql;

namespace TokenAuth;

/// <summary>A connection that goes back to its pool at the end of its use, unless somebody keeps it.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : IAsyncDisposable
{
    private bool _isKept;

    public NpgsqlConnection Connection => connection;

    /// <summary>Hands the connection to the caller, who disposes it.</summary>
    public NpgsqlConnection Keep()
    {
        _isKept = true;

        return connection;
    }

    public ValueTask DisposeAsync() => _isKept ? default : connection.DisposeAsync();
}
