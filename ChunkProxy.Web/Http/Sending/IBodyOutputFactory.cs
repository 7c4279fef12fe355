namespace ChunkProxy.Web.Http.Sending;

/// <summary>Picks the way in which a response's body reaches its connection.</summary>
internal interface IBodyOutputFactory
{
    /// <summary>Called once for a response, after its status and fields are set and before anything of it is sent.</summary>
    IBodyOutput Create(HttpContext context);
}
