using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Compression;

/// <summary>Chooses the coding of a response by the request's <c>Accept-Encoding</c> (RFC 9110 §12.5.3).</summary>
internal static class AcceptedCoding
{
    /// <summary>Returns Brotli or gzip, whichever has the higher weight, Brotli if they are equal; identity if neither is accepted.</summary>
    public static ContentCoding Choose(StringValues field)
    {
        double? gzip = null, brotli = null, any = null;
        foreach (var line in field)
        {
            foreach (var element in (line ?? "").Split(','))
            {
                var (name, weight) = Read(element);
                switch (name)
                {
                    case "gzip" or "x-gzip":
                        gzip = weight;
                        break;
                    case "br":
                        brotli = weight;
                        break;
                    case "*":
                        any = weight;
                        break;
                }
            }
        }

        var (ofGzip, ofBrotli) = (gzip ?? any ?? 0, brotli ?? any ?? 0);
        return ofBrotli > 0 && ofBrotli >= ofGzip ? ContentCoding.Brotli : ofGzip > 0 ? ContentCoding.Gzip : ContentCoding.Identity;
    }

    // A weight that is no number counts as 0: the coding is not used.
    private static (string Name, double Weight) Read(string element)
    {
        var semicolon = element.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0)
        {
            return (element.Trim().ToLowerInvariant(), 1);
        }

        var parameter = element.AsSpan(semicolon + 1).Trim();
        var isWeight = parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            & double.TryParse(parameter.IsEmpty ? parameter : parameter[Math.Min(2, parameter.Length)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight);
        return (element[..semicolon].Trim().ToLowerInvariant(), isWeight ? weight : 0);
    }
}
