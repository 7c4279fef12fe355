namespace ChunkProxy.Cache.Origin;

/// <summary>What a <c>Set-Cookie</c> in the response that opens an object means.</summary>
public enum SetCookiePolicy
{
    /// <summary>The response is for one client: it is passed through and not kept.</summary>
    PassThrough,

    /// <summary>The cookie is dropped, the response is kept: for origins behind a load balancer that sets a cookie with every response.</summary>
    Drop,
}
