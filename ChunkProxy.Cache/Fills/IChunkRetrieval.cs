using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>Brings the bytes of a run from wherever they are to be had.</summary>
internal interface IChunkRetrieval
{
    /// <summary>Completes when the run is done.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="opened">An answer of the origin that stands at or before the run's first byte, if there is one already; to be disposed of here.</param>
    /// <param name="cancellationToken">Nobody wants the bytes any more.</param>
    /// <exception cref="ChunkReadException">They are not to be had.</exception>
    Task BringAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken);
}
