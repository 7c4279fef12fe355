namespace ChunkProxy.Cache.Reads;

internal static class ChunkSourceExtensions
{
    /// <summary>Returns whether the bytes did not have to come from the origin.</summary>
    public static bool IsHit(this ChunkSource source) => source is not (ChunkSource.Origin or ChunkSource.PeerOrigin);
}
