namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>An object that a playlist names, or a range of it.</summary>
/// <param name="Address">The object.</param>
/// <param name="Bytes">The bytes that are needed; null: all.</param>
/// <param name="IsKey">Whether it is a key, which many origins do not permit to be cached.</param>
internal readonly record struct ObjectReference(Uri Address, ByteSpan? Bytes, bool IsKey = false);
