import { grant, template, type PolicyTemplate } from './policy-template.js';

const COLLECTION = 'collection/{collectionId}';
const faces = (actions: string): PolicyTemplate => template('CollectionId', grant('rekognition', actions, COLLECTION));
const IDENTITY = 'identity/{identityName}';
const mail = (actions: string): PolicyTemplate => template('IdentityName', grant('ses', actions, IDENTITY));

/** Policy templates for mail, pictures, speech, documents and models. */
export const CONTENT_POLICIES: Readonly<Record<string, PolicyTemplate>> = {
  ComprehendBasicAccessPolicy: template(
    '',
    grant(
      'comprehend',
      'BatchDetectKeyPhrases DetectDominantLanguage DetectEntities BatchDetectEntities DetectKeyPhrases DetectSentiment BatchDetectDominantLanguage BatchDetectSentiment',
    ),
  ),
  MobileAnalyticsWriteOnlyAccessPolicy: template('', grant('mobileanalytics', 'PutEvents')),
  PinpointEndpointAccessPolicy: template(
    'PinpointApplicationId',
    grant(
      'mobiletargeting',
      'GetEndpoint UpdateEndpoint UpdateEndpointsBatch',
      'apps/{pinpointApplicationId}/endpoints/*',
    ),
  ),
  PollyFullAccessPolicy: template(
    'LexiconName',
    grant('polly', 'GetLexicon DeleteLexicon', ['lexicon/{lexiconName}']),
    grant('polly', 'DescribeVoices ListLexicons PutLexicon SynthesizeSpeech', ['lexicon/*']),
  ),
  RekognitionDetectOnlyPolicy: template(
    '',
    grant('rekognition', 'DetectFaces DetectLabels DetectModerationLabels DetectText'),
  ),
  RekognitionFacesManagementPolicy: faces('IndexFaces DeleteFaces SearchFaces SearchFacesByImage ListFaces'),
  RekognitionFacesPolicy: template('', grant('rekognition', 'CompareFaces DetectFaces')),
  RekognitionLabelsPolicy: template('', grant('rekognition', 'DetectLabels DetectModerationLabels')),
  RekognitionNoDataAccessPolicy: faces('CompareFaces DetectFaces DetectLabels DetectModerationLabels'),
  RekognitionReadPolicy: faces('ListCollections ListFaces SearchFaces SearchFacesByImage'),
  RekognitionWriteOnlyAccessPolicy: faces('CreateCollection IndexFaces'),
  SESBulkTemplatedCrudPolicy: mail(
    'GetIdentityVerificationAttributes SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail VerifyEmailIdentity',
  ),
  SESBulkTemplatedCrudPolicy_v2: template(
    'IdentityName TemplateName',
    grant(
      'ses',
      'SendEmail SendRawEmail SendTemplatedEmail SendBulkTemplatedEmail',
      IDENTITY,
      'template/{templateName}',
    ),
    grant('ses', 'GetIdentityVerificationAttributes VerifyEmailIdentity'),
  ),
  SESCrudPolicy: mail('GetIdentityVerificationAttributes SendEmail SendRawEmail VerifyEmailIdentity'),
  SESEmailTemplateCrudPolicy: template(
    '',
    grant('ses', 'CreateTemplate GetTemplate ListTemplates UpdateTemplate DeleteTemplate TestRenderTemplate'),
  ),
  SESSendBouncePolicy: mail('SendBounce'),
  SageMakerCreateEndpointConfigPolicy: template(
    'EndpointConfigName',
    grant('sagemaker', 'CreateEndpointConfig', 'endpoint-config/{endpointConfigName}'),
  ),
  SageMakerCreateEndpointPolicy: template(
    'EndpointName',
    grant('sagemaker', 'CreateEndpoint', 'endpoint/{endpointName}'),
  ),
  TextractDetectAnalyzePolicy: template(
    '',
    grant('textract', 'DetectDocumentText StartDocumentTextDetection StartDocumentAnalysis AnalyzeDocument'),
  ),
  TextractGetResultPolicy: template('', grant('textract', 'GetDocumentTextDetection GetDocumentAnalysis')),
  TextractPolicy: template('', grant('textract', '*')),
};

/** Known to AWS, and not written down here. */
export const UNWRITTEN_POLICIES: ReadonlySet<string> = new Set(['CodeCommitCrudPolicy', 'CodeCommitReadPolicy']);
