using System.Buffers;
using System.Globalization;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Cors;

/// <summary>Which pages may read responses, and the fields that permit it (Fetch standard, §3.2).</summary>
internal sealed class CorsPolicy
{
    private const string Any = "*";
    private const string True = "true";
    private const string PrivateNetworkAsked = "Access-Control-Request-Private-Network";
    private const string PrivateNetworkAllowed = "Access-Control-Allow-Private-Network";
    private const string TimingAllowed = "Timing-Allow-Origin";

    // Methods of preflighted requests that are allowed. Purging from a page is not.
    private const string Methods = "GET, HEAD";

    private static readonly SearchValues<char> ListCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~, ");

    private readonly AllowedOrigin[] _origins;
    private readonly bool _allowsAny;
    private readonly bool _allowsCredentials;
    private readonly StringValues _exposed;
    private readonly StringValues _maxAge;

    public CorsPolicy(CorsOptions options)
    {
        List<AllowedOrigin> origins = [];
        foreach (var text in SettingText.ListOf(options.Cors))
        {
            _allowsAny |= text == Any;
            if (AllowedOrigin.TryParse(text, out var origin))
            {
                origins.Add(origin);
            }
        }

        _origins = [.. origins];
        _allowsCredentials = options.CorsCredentials;
        _exposed = string.Join(", ", SettingText.ListOf(options.CorsExposedFields));
        _maxAge = ((long)options.CorsMaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the request is a preflight, which asks for permission to send another request (Fetch standard, §4.8).</summary>
    public static bool IsPreflight(HttpRequest request) =>
        request.Method == HttpMethods.Options && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Writes the fields of a response. Fields of the same purpose from the origin server are removed.</summary>
    /// <returns>Whether pages of the request's origin may read the response.</returns>
    public bool Apply(HttpRequest request, IHeaderDictionary response)
    {
        response.Remove("Access-Control-Allow-Credentials");
        response.Remove("Access-Control-Allow-Headers");
        response.Remove("Access-Control-Allow-Methods");
        response.Remove("Access-Control-Max-Age");
        response.Remove(PrivateNetworkAllowed);
        var granted = GrantOf(request);
        response.AccessControlAllowOrigin = granted; // null removes the field
        response[TimingAllowed] = granted;
        response.AccessControlExposeHeaders = granted is null ? default : _exposed;
        if (!_allowsAny)
        {
            VaryByOrigin(response);
        }

        if (granted is not null && _allowsCredentials)
        {
            response.AccessControlAllowCredentials = True;
        }

        return granted is not null;
    }

    /// <summary>Writes the fields of the response to a preflight.</summary>
    /// <returns>Whether pages of the request's origin may send requests.</returns>
    public bool ApplyToPreflight(HttpRequest request, IHeaderDictionary response)
    {
        if (!Apply(request, response))
        {
            return false;
        }

        response.Remove("Access-Control-Expose-Headers"); // only of the response that follows
        response.Remove(TimingAllowed);
        response.AccessControlAllowMethods = Methods;
        response.AccessControlMaxAge = _maxAge;

        // All fields are allowed: those that the proxy does not know have no effect.
        if (request.Headers.AccessControlRequestHeaders is { Count: 1 } asked && !asked[0].AsSpan().ContainsAnyExcept(ListCharacters))
        {
            response.AccessControlAllowHeaders = asked;
        }

        // A page of the public Internet reaches a private address only if its origin is named: * would open the private network to every site.
        if (request.Headers[PrivateNetworkAsked] == True && IsNamed(request.Headers.Origin))
        {
            response[PrivateNetworkAllowed] = True;
        }

        return true;
    }

    private string? GrantOf(HttpRequest request) => _allowsAny ? Any : IsNamed(request.Headers.Origin) ? request.Headers.Origin[0] : null;

    private bool IsNamed(StringValues origin)
    {
        if (origin is not [{ } text])
        {
            return false;
        }

        foreach (var allowed in _origins)
        {
            if (allowed.Matches(text))
            {
                return true;
            }
        }

        return false;
    }

    // Also on responses to requests without Origin: a browser must not reuse one of them for a page of another origin.
    private static void VaryByOrigin(IHeaderDictionary response)
    {
        foreach (var name in FieldTokens.In(response.Vary.OfType<string>()))
        {
            if (name is Any || name.Equals("Origin", StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        response.Append("Vary", "Origin");
    }
}
