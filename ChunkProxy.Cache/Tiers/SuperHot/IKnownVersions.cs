using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Known versions of objects. The publisher stores an object's version beside its chunks.</summary>
internal interface IKnownVersions
{
    /// <summary>Finds the latest known version, fresh or not.</summary>
    bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version);
}
