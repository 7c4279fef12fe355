using System.Net.Http.Headers;

namespace ChunkProxy.Cache.Origin;

/// <summary>How long an answer may be used without asking again, as a shared cache reads it (RFC 9111 §4.2).</summary>
internal static class Freshness
{
    // Longer than this is the same as for ever (RFC 9111 §1.2.2 asks for at least 2^31 seconds; a year is the custom).
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static TimeSpan LifetimeOf(HttpResponseMessage response, TimeSpan fallback)
    {
        var lifetime = Explicit(response) ?? fallback;
        return lifetime < TimeSpan.Zero ? TimeSpan.Zero : lifetime > Longest ? Longest : lifetime;
    }

    /// <summary>May a shared cache keep this answer at all, and cut it?</summary>
    public static bool IsCacheable(HttpResponseMessage response) =>
        response.Headers.CacheControl is not ({ NoStore: true } or { Private: true })
        && response.Content.Headers.ContentEncoding.All(coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        && !response.Headers.Vary.Contains("*")
        && !response.Headers.Contains("Set-Cookie"); // shared between clients it would be one client's cookie for all

    private static TimeSpan? Explicit(HttpResponseMessage response)
    {
        var control = response.Headers.CacheControl;
        if (control is { NoCache: true })
        {
            return TimeSpan.Zero;
        }

        if (control is not null && IsImmutable(control))
        {
            return Longest; // RFC 8246: not even a reload asks again
        }

        return control?.SharedMaxAge ?? control?.MaxAge ?? UntilExpires(response);
    }

    private static bool IsImmutable(CacheControlHeaderValue control) =>
        control.Extensions.Any(extension => extension.Name.Equals("immutable", StringComparison.OrdinalIgnoreCase));

    private static TimeSpan? UntilExpires(HttpResponseMessage response)
    {
        if (response.Content.Headers.Expires is { } expires)
        {
            return response.Headers.Date is { } date ? expires - date : null;
        }

        // A date that does not parse, "0" above all, means already expired (RFC 9111 §5.3).
        return response.Content.Headers.NonValidated.Contains("Expires") ? TimeSpan.Zero : null;
    }
}
