using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Responses;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Checks access to every endpoint of the reserved prefix.</summary>
/// <remarks>
/// The key is accepted only in <c>Authorization</c>, which a foreign page cannot set: a form has no such field, and a script's request with it
/// needs a preflight (OPTIONS), which is never granted here. So no foreign page can make a browser act, and there is no cookie to steal.
/// At the address for clients no page has the key: an object there may be a page too, with the same origin. docs/decisions/0007-admin-surface.md.
/// </remarks>
internal sealed partial class AdminGate(AdminKey key, OwnHosts hosts, WrongKeyLog wrongKeys, IOptions<AdminOptions> options, ILogger<AdminGate> log)
{

    private readonly bool _hasOwnAddress = options.Value.AdminAddress is not null;
    private readonly AdminKeyGuards? _guards = options.Value.AdminKeyGuards;

    /// <summary>Wraps an endpoint, so that only admitted requests reach it.</summary>
    public RequestDelegate Before(RequestDelegate endpoint, AdminAccess access) => context =>
    {
        var verdict = Judge(access, context);
        if (verdict is not AdminVerdict.Admitted)
        {
            return RefuseAsync(context, verdict);
        }

        if (access is AdminAccess.Action)
        {
            LogAction(context.Request.Method, ShownRequest.Of(context.Request), context.Connection.RemoteIpAddress);
        }

        return endpoint(context);
    };

    /// <param name="access">The access that the endpoint requires.</param>
    /// <param name="request">The request.</param>
    public AdminVerdict Judge(AdminAccess access, AdminRequest request) => access switch
    {
        AdminAccess.Probe => AdminVerdict.Admitted,
        _ when _hasOwnAddress && !request.IsAtAdminAddress => AdminVerdict.Elsewhere,
        AdminAccess.Shell when !IsLookingOpen(request) && !request.IsAtAdminAddress => AdminVerdict.PageIsClosed,
        AdminAccess.Shell => hosts.Contain(request.Host) ? AdminVerdict.Admitted : AdminVerdict.ForeignHost,
        AdminAccess.PageKey when !request.IsAtAdminAddress => AdminVerdict.KeyNotTakenHere,
        AdminAccess.Look when IsLookingOpen(request) && hosts.Contain(request.Host) => AdminVerdict.Admitted,
        AdminAccess.Look when !key.IsSet => IsLookingOpen(request) ? AdminVerdict.ForeignHost : AdminVerdict.LookingIsClosed,
        _ when !key.IsSet => AdminVerdict.NoKeyIsSet,
        _ when request is { IsFromPage: true, IsAtAdminAddress: false, Authorization.Length: > 0 } => AdminVerdict.KeyNotTakenHere,
        _ when key.IsIn(request.Authorization) => AdminVerdict.Admitted,
        AdminAccess.Look when IsLookingOpen(request) => AdminVerdict.ForeignHost,
        _ when string.IsNullOrEmpty(request.Authorization) => AdminVerdict.KeyMissing,
        _ => AdminVerdict.KeyWrong,
    };

    /// <summary>Returns whether a request has this access, also if its endpoint requires less. A wrong key is logged.</summary>
    public bool Admits(AdminAccess access, HttpContext context) => Judge(access, context) is AdminVerdict.Admitted;

    private AdminVerdict Judge(AdminAccess access, HttpContext context)
    {
        var verdict = Judge(access, AdminRequest.Of(context));
        if (verdict is AdminVerdict.KeyWrong)
        {
            wrongKeys.Note(context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress);
        }

        return verdict;
    }

    private bool IsLookingOpen(AdminRequest request) => _guards is null ? request.IsAtAdminAddress : _guards is AdminKeyGuards.Actions;

    private static Task RefuseAsync(HttpContext context, AdminVerdict verdict)
    {
        var (status, reason) = verdict switch
        {
            AdminVerdict.Elsewhere => (StatusCodes.Status404NotFound, TargetAnswer.NothingHere), // the same response as for any unknown path
            AdminVerdict.PageIsClosed => (
                StatusCodes.Status403Forbidden,
                "The status page is closed at the address for clients. Set a separate admin address (-adminaddr), or open the page here (AdminKeyGuards=Actions)."),
            AdminVerdict.LookingIsClosed => (
                StatusCodes.Status403Forbidden,
                "Figures are closed at the address for clients. Set a separate admin address (-adminaddr) or an admin key (-adminkeyfile), or open figures here (AdminKeyGuards=Actions)."),
            AdminVerdict.ForeignHost => (StatusCodes.Status403Forbidden, "The request names an unknown host (AdminHosts)."),
            AdminVerdict.KeyNotTakenHere => (
                StatusCodes.Status403Forbidden,
                "The address for clients accepts no key from a page, because objects there could read the key. Set a separate admin address (-adminaddr)."),
            AdminVerdict.NoKeyIsSet => (StatusCodes.Status403Forbidden, "This process has no admin key (-adminkeyfile), so actions are disabled."),
            AdminVerdict.KeyMissing => (StatusCodes.Status401Unauthorized, "This requires the admin key: Authorization: Bearer KEY."),
            AdminVerdict.KeyWrong => (StatusCodes.Status401Unauthorized, "Wrong admin key."),
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "An admitted request is not refused."),
        };
        return ErrorAnswer.WriteAsync(context, status, reason, CacheStatus.Refused, headers =>
        {
            headers.CacheControl = "no-store";
            if (status == StatusCodes.Status401Unauthorized)
            {
                headers.WWWAuthenticate = verdict is AdminVerdict.KeyWrong ? BearerScheme.Challenge + ", error=\"invalid_token\"" : BearerScheme.Challenge;
            }
        });
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Request} with the admin key, from {Address}")]
    private partial void LogAction(string method, string request, System.Net.IPAddress? address);
}
