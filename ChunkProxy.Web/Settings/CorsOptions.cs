using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings for pages of other sites, under <c>ChunkProxy:</c> in configuration.</summary>
internal sealed class CorsOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>
    /// Origins whose pages may read responses: <c>*</c>, or a list such as <c>https://site.example, https://*.site.example</c>.
    /// Null: the fields of the origin server are passed on.
    /// </summary>
    public string? Cors { get; set; }

    /// <summary>Whether these pages may send requests with credentials (<c>Access-Control-Allow-Credentials</c>). Requires a list without <c>*</c>.</summary>
    public bool CorsCredentials { get; set; }

    /// <summary>Response fields that scripts of these pages may read.</summary>
    public string CorsExposedFields { get; set; } = "Accept-Ranges, Age, Cache-Status, Content-Length, Content-Range, Date, ETag, Retry-After";

    /// <summary>Time for which a browser may keep the answer to a preflight, in whole seconds.</summary>
    [Between("0", "1 d")]
    public TimeSpan CorsMaxAge { get; set; } = TimeSpan.FromHours(2);
}
