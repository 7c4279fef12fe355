using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>A source from which a fill takes bytes.</summary>
internal interface IFillSource
{
    /// <summary>The source's name in the <see cref="ReadOrder"/>.</summary>
    ChunkSource Kind { get; }

    /// <summary>Writes the run's bytes. Returns false if the source lacks some of them; those that it had are in the target.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="opened">A response of the origin positioned at or before the run's first byte, or null. Always null for other sources.</param>
    /// <param name="cancellationToken">Cancelled when no reader wants the bytes any more.</param>
    /// <exception cref="ChunkReadException">No other source has the bytes either.</exception>
    ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken);
}
