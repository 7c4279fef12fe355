using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Http.Compression;

/// <summary>Decides which objects are compressed: small text of the configured types, never media.</summary>
internal sealed class CompressionRules(CompressionOptions options)
{
    // Smaller content gains nothing: it fits into one packet either way.
    private const int MinSize = 256;

    private readonly HashSet<string> _types = new(
        SettingText.ListOf(options.Types), StringComparer.OrdinalIgnoreCase);

    private readonly ByteSize _maxSize = options.MaxObjectSize;

    /// <summary>Whether a version may be compressed. A property of the version, so all its responses have the same <c>Vary</c>.</summary>
    public bool Admit(ObjectVersion version)
    {
        if (version.Size < MinSize || version.Size > _maxSize.Bytes)
        {
            return false;
        }

        var isOfType = false;
        foreach (var (name, value) in version.Headers.EndToEnd)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                isOfType = _types.Contains(value.Split(';')[0].Trim());
            }
            else if (name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
                || (name.Equals("Cache-Control", StringComparison.OrdinalIgnoreCase) && FieldTokens.In([value]).Contains("no-transform", StringComparer.OrdinalIgnoreCase)))
            {
                return false; // RFC 9111 §5.2.2.6
            }
        }

        return isOfType;
    }
}
