using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Knows the versions of objects; the publisher stores the version of an object beside its chunks.</summary>
internal interface IKnownVersions
{
    /// <summary>Finds the version last known, fresh or not.</summary>
    bool TryFindVersion(ObjectId id, [NotNullWhen(true)] out ObjectVersion? version);
}
