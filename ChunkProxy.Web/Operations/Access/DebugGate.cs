using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Http.Responses;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Admits requests for objects that ask for the debug field with the admin key. For all others nothing changes.</summary>
internal sealed class DebugGate(AdminGate gate, AdminKey key, ChunkPlaces places, IOptions<AdminOptions> options, TimeProvider time)
{
    private readonly bool _hasOwnAddress = options.Value.AdminAddress is not null;

    /// <summary>Whether a request can be admitted at all.</summary>
    public bool IsOpen => key.IsSet;

    /// <summary>
    /// Puts the gate before the endpoint of objects. The separate admin address serves the reserved prefix. It serves objects only to
    /// admitted requests, which a browser that opens a page does not send.
    /// </summary>
    public void Guard(IEndpointConventionBuilder objects)
    {
        if (!_hasOwnAddress && !IsOpen)
        {
            return;
        }

        objects.Finally(built =>
        {
            var inner = built.RequestDelegate!;
            built.RequestDelegate = context => !TryAdmit(context) && _hasOwnAddress && AdminListener.HasAccepted(context)
                ? AdminEndpoints.RefuseObjectAsync(context)
                : inner(context);
        });
    }

    private bool TryAdmit(HttpContext context)
    {
        var fields = context.Request.Headers;
        if (!fields.ContainsKey(DebugAnswer.FieldName) || !gate.Admits(AdminAccess.Action, context))
        {
            return false;
        }

        fields.Remove(HeaderNames.Authorization); // the key is not for the origin
        new DebugAnswer(places, time).AddTo(context);
        return true;
    }
}
