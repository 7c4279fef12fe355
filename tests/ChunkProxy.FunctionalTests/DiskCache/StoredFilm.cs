using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.DiskCache;

/// <summary>A film that a node has on disk.</summary>
/// <param name="Film">The film.</param>
/// <param name="Files">A file for each chunk.</param>
/// <param name="BytesSent">What the origin has sent of it so far.</param>
internal sealed record StoredFilm(ScriptedObject Film, IReadOnlyList<string> Files, long BytesSent);
