using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>What a look for a chunk in Redis brought; to be disposed of when its bytes are not needed any more.</summary>
internal readonly struct SuperHotRead(SuperHotReadOutcome outcome, Lease<byte>? value, SuperHotSeal seal) : IDisposable
{
    public SuperHotReadOutcome Outcome { get; } = outcome;

    /// <summary>The chunk's bytes; only of a <see cref="SuperHotReadOutcome.Hit"/>.</summary>
    public ReadOnlySpan<byte> Bytes => seal.BytesOf(value!.Span);

    public void Dispose() => value?.Dispose();
}
