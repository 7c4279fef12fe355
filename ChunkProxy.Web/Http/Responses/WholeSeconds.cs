using System.Globalization;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Formats delta-seconds (RFC 9111 §1.2.2): rounded down, never negative, at most 2^31 - 1.</summary>
internal static class WholeSeconds
{
    public static string Format(TimeSpan span) =>
        ((int)Math.Clamp(span.TotalSeconds, 0, int.MaxValue)).ToString(CultureInfo.InvariantCulture);
}
