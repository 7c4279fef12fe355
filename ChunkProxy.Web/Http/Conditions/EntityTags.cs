using ChunkProxy.Cache.Chunks;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Conditions;

/// <summary>Entity tags and lists of them (RFC 9110 §8.8.3, §13.1.1, §13.1.2).</summary>
internal static class EntityTags
{
    /// <summary>Strong comparison (§8.8.3.2).</summary>
    public static bool AreStronglyEqual(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => !EntityTag.IsWeak(left) && left.SequenceEqual(right);

    /// <summary>Weak comparison: the weak mark is ignored (§8.8.3.2).</summary>
    public static bool AreWeaklyEqual(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => EntityTag.Opaque(left).SequenceEqual(EntityTag.Opaque(right));

    /// <summary>Whether a list of entity tags, or <c>*</c>, matches the tag of an existing representation.</summary>
    /// <param name="field">If-Match or If-None-Match. Several lines form one list.</param>
    /// <param name="tag">The tag of the representation; null if it has none.</param>
    /// <param name="strongly">Whether to use the strong comparison.</param>
    public static bool Match(StringValues field, string? tag, bool strongly)
    {
        foreach (var line in field)
        {
            var rest = line.AsSpan().Trim(" \t");
            if (rest is "*")
            {
                return true;
            }

            while (tag is not null && TryTake(ref rest, out var candidate))
            {
                if (strongly ? AreStronglyEqual(candidate, tag) : AreWeaklyEqual(candidate, tag))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the text is exactly one entity tag.</summary>
    public static bool IsEntityTag(ReadOnlySpan<char> text)
    {
        var opaque = EntityTag.Opaque(text);
        return opaque is ['"', .., '"'] && opaque.Length >= 2 && AreTagCharacters(opaque[1..^1]);
    }

    // Reads tag after tag. An invalid element ends the list, because the elements after it cannot be delimited reliably.
    private static bool TryTake(ref ReadOnlySpan<char> list, out ReadOnlySpan<char> tag)
    {
        list = list.TrimStart(" \t,"); // empty list elements are skipped (§5.6.1.2)
        var quote = EntityTag.IsWeak(list) ? EntityTag.WeakMark.Length : 0;
        var length = quote < list.Length && list[quote] == '"' ? list[(quote + 1)..].IndexOf('"') : -1;
        if (length < 0 || !AreTagCharacters(list.Slice(quote + 1, length)))
        {
            tag = default;
            return false;
        }

        tag = list[..(quote + length + 2)];
        list = list[tag.Length..].TrimStart(" \t");
        if (!list.IsEmpty && list[0] != ',')
        {
            return false;
        }

        return true;
    }

    // etagc = %x21 / %x23-7E / obs-text
    private static bool AreTagCharacters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is <= ' ' or '"' or '\x7F')
            {
                return false;
            }
        }

        return true;
    }
}
