using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>Fetches the bytes of a run from any source that has them.</summary>
internal interface IChunkRetrieval
{
    /// <summary>Completes when the run is done.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="opened">A response of the origin positioned at or before the run's first byte, or null; disposed of here.</param>
    /// <param name="cancellationToken">Cancelled when no reader wants the bytes any more.</param>
    /// <exception cref="ChunkReadException">No source has the bytes.</exception>
    Task RetrieveAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken);
}
