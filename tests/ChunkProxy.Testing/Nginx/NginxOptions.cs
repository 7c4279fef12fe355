namespace ChunkProxy.Testing.Nginx;

/// <summary>What differs from nginx's own defaults.</summary>
public sealed record NginxOptions
{
    /// <summary>Bytes a second towards each connection; 0: as fast as it goes.</summary>
    public long LimitRate { get; init; }

    public bool ETag { get; init; } = true;

    /// <summary>Compresses what a client accepts compressed.</summary>
    public bool Gzip { get; init; }

    /// <summary>Fields added to every answer, for instance <c>Cache-Control</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
