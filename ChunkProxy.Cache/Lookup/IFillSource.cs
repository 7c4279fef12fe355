using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>One place from which a fill takes bytes.</summary>
internal interface IFillSource
{
    /// <summary>Its name in the <see cref="ReadOrder"/>.</summary>
    ChunkSource Kind { get; }

    /// <summary>Writes the run's bytes. Returns false where it does not have them all; those that it had are in the target.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="opened">An answer of the origin that stands at or before the run's first byte, if there is one already. For the origin, and null for all others.</param>
    /// <param name="cancellationToken">Nobody wants the bytes any more.</param>
    /// <exception cref="ChunkReadException">No other place has them either.</exception>
    ValueTask<bool> BringAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken);
}
