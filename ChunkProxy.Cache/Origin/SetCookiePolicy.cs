namespace ChunkProxy.Cache.Origin;

/// <summary>How a <c>Set-Cookie</c> in the response that introduces an object is handled.</summary>
public enum SetCookiePolicy
{
    /// <summary>The response is for one client: it is passed through and not stored.</summary>
    PassThrough,

    /// <summary>The cookie is dropped and the response is stored: for origins behind a load balancer that sets a cookie in every response.</summary>
    Drop,
}
