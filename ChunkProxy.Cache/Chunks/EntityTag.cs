namespace ChunkProxy.Cache.Chunks;

/// <summary>The parts of an entity tag (RFC 9110 §8.8.3).</summary>
internal static class EntityTag
{
    /// <summary>The mark of a weak tag. It is case-sensitive.</summary>
    public const string WeakMark = "W/";

    public static bool IsWeak(ReadOnlySpan<char> tag) => tag.StartsWith(WeakMark);

    /// <summary>Returns the tag without the weak mark, which a weak comparison ignores (§8.8.3.2).</summary>
    public static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) => IsWeak(tag) ? tag[WeakMark.Length..] : tag;
}
