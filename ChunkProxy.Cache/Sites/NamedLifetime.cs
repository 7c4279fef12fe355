namespace ChunkProxy.Cache.Sites;

/// <summary>An entry of a <see cref="LifetimeList"/>.</summary>
/// <param name="Name">A pattern of paths, or a status.</param>
/// <param name="Lifetime">How long responses are used.</param>
internal sealed record NamedLifetime(string Name, TimeSpan Lifetime);
