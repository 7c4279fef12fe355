namespace ChunkProxy.Testing.Nginx;

/// <summary>Options that differ from nginx's defaults.</summary>
public sealed record NginxOptions
{
    /// <summary>Bytes per second for each connection; 0: unlimited.</summary>
    public long LimitRate { get; init; }

    public bool ETag { get; init; } = true;

    /// <summary>Whether to compress responses for clients that accept it.</summary>
    public bool Gzip { get; init; }

    /// <summary>Fields added to every response, for example <c>Cache-Control</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
