using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Selects how a response's body reaches its connection.</summary>
internal interface IBodyOutputFactory
{
    /// <summary>Creates the output. Called once per response, after its status and fields are set and before anything is sent.</summary>
    IBodyOutput Create(HttpContext context);
}
