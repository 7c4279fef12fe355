namespace ChunkProxy.Cache.Popularity;

/// <summary>The recent activity of one object, or of the segments of one film.</summary>
/// <param name="Name">The object as it is shown, or the folder of the segments.</param>
/// <param name="IsOfSegments">Whether it is a film in segments.</param>
/// <param name="ReadsPerSecond">Slices opened for clients.</param>
/// <param name="HitsPerSecond">Of these, the slices that did not have to come from the origin.</param>
/// <param name="BytesPerSecond">Bytes sent to clients.</param>
/// <param name="Bytes">Bytes sent to clients since the object is counted.</param>
/// <param name="Viewers">The clients, as a set of <see cref="Chunks.ObjectActivity"/>.</param>
internal sealed record HotObject(string Name, bool IsOfSegments, double ReadsPerSecond, double HitsPerSecond, double BytesPerSecond, long Bytes, ulong[] Viewers);
