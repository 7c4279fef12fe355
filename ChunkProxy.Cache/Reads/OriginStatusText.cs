using System.Globalization;

namespace ChunkProxy.Cache.Reads;

/// <summary>Describes an error status of the origin in one sentence, which is the same at every member.</summary>
internal static class OriginStatusText
{
    public static string Of(int status) => status switch
    {
        404 => "the origin has no such object",
        410 => "the object is gone from the origin",
        _ => string.Create(CultureInfo.InvariantCulture, $"the origin answers {status}"),
    };
}
