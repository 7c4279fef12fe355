using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>The response fields in which origins name the tags of an object.</summary>
internal static class TagFields
{
    private static readonly string[] Names = ["Cache-Tag", "Surrogate-Key"];

    public static bool IsOne(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the tags of a response; null if it has no such field.</summary>
    public static ObjectTags? In(OriginFields fields) =>
        fields.Lines.Where(line => IsOne(line.Key)).Select(line => line.Value).ToArray() is { Length: > 0 } lines ? ObjectTags.Of(lines) : null;
}
